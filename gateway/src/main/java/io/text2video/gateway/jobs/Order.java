package io.text2video.gateway.jobs;

/** By the time of the job's creation, then by its id. */
public enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
}
