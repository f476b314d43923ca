/** Whoever sends a request: let in or refused before anything else of it is looked at. */
package io.text2video.gateway.api.access;
