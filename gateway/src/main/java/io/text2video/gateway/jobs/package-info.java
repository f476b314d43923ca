/**
 * The jobs and the models, read from Kafka into memory: each gateway's own view, the same on every replica, and a job as
 * people see it, the Video object of the HTTP API and of webhooks.
 */
package io.text2video.gateway.jobs;
