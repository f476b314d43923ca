/** Messages to JSON and back, checked as they are read. */
package io.text2video.common.json;
