/** How a video was drawn, kept in its file, to draw it again. Knows nothing of Kafka, S3 or Quarkus. */
package io.text2video.worker.recipe;
