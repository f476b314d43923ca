/** The topics: their names and settings, the pools that workers form, and dead letters. */
package io.text2video.common.topic;
