package io.text2video.image;

/**
 * What an image's file says about it before a pixel is decoded.
 *
 * @param width in pixels as stored, before the EXIF orientation turns the image
 * @param height in pixels as stored
 */
public record ImageHeader(ImageFormat format, int width, int height) {}
