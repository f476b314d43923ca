/** Files as others write them: folders that change while they are read, and JSON by Python's rules. */
package io.text2video.worker.files;
