export default function AnalysisLearn() {
  return null;
}
