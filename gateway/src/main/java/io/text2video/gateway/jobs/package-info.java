/** The state of every job, read from Kafka into memory: each gateway's own view, the same on every replica. */
package io.text2video.gateway.jobs;
