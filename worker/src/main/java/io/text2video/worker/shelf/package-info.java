/** The models of a worker, and those of the others: found, checked, loaded, announced. Knows no jobs and no store. */
package io.text2video.worker.shelf;
