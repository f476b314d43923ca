/** What is to be done to a job that is under way: the messages on {@code video.control}. */
package io.text2video.common.control;
