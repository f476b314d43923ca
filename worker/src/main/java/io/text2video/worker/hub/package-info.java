/**
 * Models by the names they have on the Hugging Face hub: reading the cache that huggingface_hub keeps, and filling it.
 * Facts of the protocol and of the cache's layout are those of huggingface_hub 0.36 ({@code file_download.py},
 * {@code _snapshot_download.py}, {@code constants.py}).
 */
package io.text2video.worker.hub;
