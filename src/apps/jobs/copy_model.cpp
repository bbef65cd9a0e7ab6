#include "src/apps/jobs/copy_model.h"

#include <string>
#include <system_error>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/model/ensemble_info.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

// Returns the copy's checksum.
Result<std::string> CopyBundle(const fs::path& from, const fs::path& to,
                               const ModelChange& change) {
  Result<model::Bundle> bundle = model::LoadBundle(from);
  if (!bundle.ok()) return bundle.error();
  if (change.points) change.points(bundle->info);
  if (change.network) {
    if (Status status = change.network(*bundle); !status.ok()) return status.error();
  }
  if (Status status = model::SaveBundle(to, bundle->info, bundle->weights); !status.ok()) {
    return status.error();
  }
  const Result<model::Bundle> written = model::LoadBundle(to);
  if (!written.ok()) return written.error();
  return written->checksum;
}

Status CopyEnsemble(const fs::path& from, const fs::path& to, const ModelChange& change) {
  Result<model::SealedEnsemble> ensemble = model::ReadEnsemble(from);
  if (!ensemble.ok()) return ensemble.error();
  model::EnsembleInfo& info = ensemble->info;
  if (change.points) change.points(info.general);
  const auto copy = [&](std::vector<model::MemberInfo>& members) -> Status {
    for (model::MemberInfo& member : members) {
      if (const auto whole = model::LoadMember(from, member); !whole.ok()) return whole.error();
      Result<std::string> checksum =
          CopyBundle(from / member.folder, to / member.folder, {{}, change.network});
      if (!checksum.ok()) return checksum.error();
      member.checksum = *checksum;
    }
    return {};
  };
  if (Status status = copy(info.general.members); !status.ok()) return status;
  if (info.route) {
    if (Status status = copy(info.route->members); !status.ok()) return status;
    if (Status status = copy(info.route->specialists.members); !status.ok()) return status;
  }
  return model::SaveEnsemble(to, info);
}

}  // namespace

Status CopyModel(const fs::path& from, const fs::path& to, const ModelChange& change) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(to, error))) {
    return UsageError("is there already; name a new folder for the model", to.string());
  }
  if (model::IsEnsemble(from)) {
    if (Status status = CopyEnsemble(from, to, change); !status.ok()) return status;
  } else if (const auto checksum = CopyBundle(from, to, change); !checksum.ok()) {
    return checksum.error();
  }
  const Result<std::string> card = ReadFile(from / "README.md");
  return card.ok() ? WriteFileAtomic(to / "README.md", *card) : Status();
}

}  // namespace ecg::jobs
