#include "app/paper_study.h"

extern "C" const char deltarule_paper_study[], deltarule_paper_study_end[];

namespace deltarule::app {

std::string_view paper_study_text() {
  return {deltarule_paper_study,
          static_cast<std::size_t>(deltarule_paper_study_end - deltarule_paper_study)};
}

}  // namespace deltarule::app
