/** Frames to files: MP4 and poster; and the frames of files that others sent. Knows nothing of Kafka, S3 or Quarkus. */
package io.text2video.worker.video;
