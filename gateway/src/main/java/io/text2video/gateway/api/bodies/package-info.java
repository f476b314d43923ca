/** What clients send: JSON and forms, their limits, and the memory that they may take. */
package io.text2video.gateway.api.bodies;
