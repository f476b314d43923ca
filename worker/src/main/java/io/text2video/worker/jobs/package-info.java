/** What a worker does with a job, from the record it was handed to the last message about it. */
package io.text2video.worker.jobs;
