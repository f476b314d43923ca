/** Accepting a job: one record on Kafka, acknowledged. */
package io.text2video.gateway.submission;
