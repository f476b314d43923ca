/** Publishing again the requests of jobs whose failure may pass, when they are due. */
package io.text2video.gateway.retry;
