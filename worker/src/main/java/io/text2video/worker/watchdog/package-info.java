/** Notices what nothing inside the process can mend, a generation that hangs or a device that failed, and ends the process. */
package io.text2video.worker.watchdog;
