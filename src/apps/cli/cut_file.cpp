#include "src/apps/cli/cut_file.h"

#include <unistd.h>

#include <csignal>
#include <cstring>

#include "src/apps/cli/tool.h"

namespace ecg::cli {
namespace {

const char* volatile explanation = nullptr;

// In a signal handler, so nothing but system calls. A page that its file no longer has is
// BUS_ADRERR.
void Handle(int signal, siginfo_t* info, void*) {
  if (info->si_code != BUS_ADRERR) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    return;
  }
  const char* text = explanation;
  const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
  ::_exit(written >= 0 ? kInputMissing : kInternalError);
}

}  // namespace

void ExplainCutFiles(const char* message) {
  explanation = message;
  struct sigaction action = {};
  action.sa_sigaction = Handle;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace ecg::cli
