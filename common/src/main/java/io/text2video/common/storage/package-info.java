/** The object store: its client, and where each object lies. */
package io.text2video.common.storage;
