/** How every program of the fleet works with Kafka: making and checking topics, publishing, waiting, reading to the end, owning a thread and a consumer. */
package io.text2video.kafka;
