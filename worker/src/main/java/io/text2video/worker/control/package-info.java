/** What others want done to jobs that are on their way: the worker's reading of {@code video.control}. */
package io.text2video.worker.control;
