/**
 * What is asked of the fleet, by the API or by whoever writes to {@code video.control}: a job is accepted by one record on
 * Kafka, and is cancelled, refused or deleted in its folder first and on Kafka then.
 */
package io.text2video.gateway.commands;
