package io.ovl.dataplane.netns;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test of something that ovl promises and other WireGuard programs do not do: not run when one of those is put in
 * ovl's place.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfEnvironmentVariable(named = "OVL_TEST_DAEMON", matches = ".+")
@interface OvlOnly {}
