/** What one gateway does for all: finding jobs that the queue has lost. Any other takes over when it is gone. */
package io.text2video.gateway.housekeeping;
