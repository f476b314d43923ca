/** What happened to jobs: the messages on {@code video.events}, as CloudEvents. */
package io.text2video.common.event;
