/** Ending jobs before they end by themselves: for the API, and for whoever writes to {@code video.control}. */
package io.text2video.gateway.control;
