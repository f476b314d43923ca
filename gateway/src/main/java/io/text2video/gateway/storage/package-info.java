/** The object store: files of finished videos, the images that videos start from, and the ends in the jobs' folders. */
package io.text2video.gateway.storage;
