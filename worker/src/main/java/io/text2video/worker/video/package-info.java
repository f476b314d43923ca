/** Frames to files: MP4 and poster. Knows nothing of Kafka, S3 or Quarkus. */
package io.text2video.worker.video;
