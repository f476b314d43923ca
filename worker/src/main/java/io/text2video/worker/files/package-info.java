/** Folders that other processes write while they are read. */
package io.text2video.worker.files;
