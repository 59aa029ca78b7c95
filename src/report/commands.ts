/** Whether a step of a remedy can be pasted into a shell: such steps begin with the name of a program. */
export function isCommand(step: string): boolean {
  return /^(anchorwatch|apt-get|getent|keytool|ls|openssl|update-ca-certificates) /.test(step);
}
