/** Where jobs come from: one at a time, each held until it is ended. Knows Kafka, but neither videos nor S3. */
package io.text2video.worker.queue;
