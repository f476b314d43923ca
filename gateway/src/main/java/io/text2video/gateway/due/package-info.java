/** Records that wait on a topic for their time. */
package io.text2video.gateway.due;
