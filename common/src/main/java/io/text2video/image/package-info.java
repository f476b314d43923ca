/** The image that a video starts from: what is taken, and its pixels. */
package io.text2video.image;
