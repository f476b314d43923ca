package io.text2video.image;

/**
 * The pixels of one image, upright: {@code rgb} is [height, width, 3], one unsigned byte a channel.
 *
 * <p>Holds the array it is given, without a copy.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels that nobody compares
public record DecodedImage(int height, int width, byte[] rgb) {}
