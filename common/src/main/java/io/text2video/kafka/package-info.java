/** How every program of the fleet works with Kafka's clients: publishing, waiting, reading to the end, owning a thread. */
package io.text2video.kafka;
