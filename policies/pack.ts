import { policyPack } from "./index";

// What `--policy-pack` on this folder runs. It starts a server, so nothing else may import it.
policyPack("holdfast");
