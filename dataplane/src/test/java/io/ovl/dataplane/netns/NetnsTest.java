package io.ovl.dataplane.netns;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class of tests that need root and network namespaces: without them it is skipped, and fails where {@code CI} is
 * set.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("netns")
@Timeout(300)
@ExtendWith(NetnsCondition.class)
@interface NetnsTest {}
