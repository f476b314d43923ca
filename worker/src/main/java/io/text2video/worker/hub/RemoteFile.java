package io.text2video.worker.hub;

/**
 * A file as the hub announces it.
 *
 * @param commit the commit it is read at
 * @param name its path in the repository
 * @param etag one plain word, without quotes: the content's SHA-256, or git's hash of it
 * @param size bytes
 */
record RemoteFile(String commit, String name, String etag, long size) {}
