/** A job as people see it: the Video object of the HTTP API and of webhooks. */
package io.text2video.gateway.video;
