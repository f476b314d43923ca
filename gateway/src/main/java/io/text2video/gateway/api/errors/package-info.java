/** What is answered where there is nothing else to answer: codes, their words, and refusals before a resource is reached. */
package io.text2video.gateway.api.errors;
