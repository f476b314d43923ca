/** What is among the dead letters, and how it is sent again. */
package io.text2video.standalone.deadletters;
