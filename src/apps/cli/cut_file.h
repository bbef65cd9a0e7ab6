// What happens to a tool whose mapped files are cut off in place while it uses them.
#pragma once

namespace ecg::cli {

// From now on such a file ends the process with this message on stderr and kInputMissing, where
// otherwise a bare SIGBUS would. Other faults that come as SIGBUS stay what they are. The message
// must outlive the process.
void ExplainCutFiles(const char* message);

}  // namespace ecg::cli
