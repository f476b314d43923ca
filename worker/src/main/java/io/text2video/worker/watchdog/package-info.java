/** Notices that a generation hangs, which nothing inside the process can mend, and ends the process. */
package io.text2video.worker.watchdog;
