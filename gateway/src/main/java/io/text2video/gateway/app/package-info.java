/** The gateway as an application: its command line, what it does before it serves, its health, and its graceful shutdown. */
package io.text2video.gateway.app;
