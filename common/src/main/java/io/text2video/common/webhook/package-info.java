/** Calls to make: the messages on {@code video.webhooks}. */
package io.text2video.common.webhook;
