/** Programs that remedies call; a sentence begins with a capital letter and none of them does. */
const PROGRAMS: ReadonlySet<string> = new Set([
  "anchorwatch",
  "apache2ctl",
  "apachectl",
  "apt-get",
  "cat",
  "certutil",
  "cp",
  "curl",
  "dnf",
  "docker",
  "getent",
  "gsk8capicmd",
  "gsk8capicmd_64",
  "gskcapicmd",
  "haproxy",
  "ikeycmd",
  "ikeyman",
  "install",
  "java",
  "keytool",
  "kubectl",
  "ls",
  "mv",
  "nginx",
  "openssl",
  "pk12util",
  "securityUtility",
  "sudo",
  "systemctl",
  "timedatectl",
  "trust",
  "update-ca-certificates",
  "update-ca-trust",
  "wsadmin.sh",
  "yum",
]);

/** Whether a step of a remedy can be pasted into a shell: such steps begin with the name of a program. */
export function isCommand(step: string): boolean {
  const [first = ""] = /^[^\s:]*(?=\s|$)/.exec(step) ?? [];
  return PROGRAMS.has(first) || /^\S*\/s?bin\/\S+(?:\s|$)/.test(step);
}
