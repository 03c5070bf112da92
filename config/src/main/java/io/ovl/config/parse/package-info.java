/**
 * The configuration file: an INI superset of wg-quick's, parsed with line and column, and printed.
 *
 * <ul>
 *   <li>{@code OvlConfig ConfigParser.parse(Path, SecretFiles) throws BadConfigException}: a file;
 *       {@code parse(byte[], String, Path, SecretFiles)}: text from elsewhere.
 *   <li>{@code parse(Path, SecretFiles, ConfigPlaces)}: a file, and where in it each setting stands.
 *   <li>{@code SecretFiles.refusingExposed()}, {@code warningOfExposed(Consumer<ConfigProblem>)}: the rule for secrets
 *       that others may read.
 *   <li>{@code String ConfigPrinter.print(OvlConfig)}, {@code byte[] printWithSecrets(OvlConfig)}.
 * </ul>
 *
 * <p>Allowed imports: {@code io.ovl.config.model}, {@code io.ovl.crypto.key}.
 */
@NullMarked
package io.ovl.config.parse;

import org.jspecify.annotations.NullMarked;
