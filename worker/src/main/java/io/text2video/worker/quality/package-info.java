/** How alike two videos are, in numbers. */
package io.text2video.worker.quality;
