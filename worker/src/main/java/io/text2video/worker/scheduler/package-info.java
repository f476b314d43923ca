/** Noise schedules: which timesteps a generation visits, and how latents go from one to the next. */
package io.text2video.worker.scheduler;
