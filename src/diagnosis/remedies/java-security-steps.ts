/** How to bring a JVM up to date, where an older or newer release decides differently. */
export function updateJdkSteps(reason: string): readonly string[] {
  return [
    `Update the JDK of the client: ${reason}`,
    "java -version",
    "On Debian: apt-get install --only-upgrade openjdk-17-jre-headless (or the release that is installed); on RHEL: dnf upgrade 'java-*-openjdk*'; IBM products bring their own JVM with the fix pack",
    "Ask beforehand what the new release will make of it: the same check with --as and the newer profile, or whatif",
  ];
}

/**
 * How to lift one restriction of a JVM, as a stopgap: on top of its own settings, in a file that the JVM is told of.
 * @param property e.g. `jdk.tls.disabledAlgorithms`
 * @param what what to take out of its value
 */
export function javaSecuritySteps(property: string, what: string): readonly string[] {
  return [
    `As a stopgap for one Java client: copy the line ${property} from conf/security/java.security (Java 8: lib/security) of the JVM into a file of its own, and take out ${what}; it holds for all connections of that JVM`,
    "Start the JVM with -Djava.security.properties=FILE; it needs security.overridePropertiesFile=true, which is the default",
    "Try it first: anchorwatch check ... --as PROFILE+java-security:FILE",
  ];
}
