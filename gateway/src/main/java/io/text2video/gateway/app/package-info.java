/** The gateway as an application: its command line, and what it does before it serves. */
package io.text2video.gateway.app;
