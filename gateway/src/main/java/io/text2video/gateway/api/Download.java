package io.text2video.gateway.api;

import java.io.InputStream;

/**
 * A part of a file on its way to a client. Whoever sends it closes the stream and gives the place back.
 *
 * @param length in bytes
 */
record Download(InputStream bytes, long length, Downloads.Place place) {}
