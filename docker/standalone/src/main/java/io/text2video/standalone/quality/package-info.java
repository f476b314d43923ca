/** What a faster or smaller way to draw does to the videos. */
package io.text2video.standalone.quality;
