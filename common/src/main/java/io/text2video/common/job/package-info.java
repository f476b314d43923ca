/** A job: its request, its state, how it ended, and their ids. */
package io.text2video.common.job;
